"""The console among the pages of an instance."""

from instances.tabs import Tab

CONSOLE = Tab(
    position=20, name="console", label="Console", icon="terminal-2", url_name="console:console"
)
