"""The page of figures among those of an instance."""

from instances.tabs import Tab

METRICS = Tab(
    position=10, name="metrics", label="Metrics", icon="chart-line", url_name="figures:metrics"
)
