"""The world that is photographed: made by the services where they can, by rows where not."""
