"""The documentation as a site, with its indexes, its generated pages and the checks of both."""
