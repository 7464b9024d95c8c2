"""The data of one instance: found, viewed and edited in the browser."""
