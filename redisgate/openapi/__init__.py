"""The APIs described as OpenAPI 3.1, and the pages that show it."""
