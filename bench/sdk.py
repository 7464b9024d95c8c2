"""What @upstash/redis, on node's own fetch, sends with each request."""

HEADERS = {
    "Content-Type": "application/json",
    "Upstash-Encoding": "base64",
    "Upstash-Telemetry-Runtime": "node@v20.11.1",
    "Upstash-Telemetry-Platform": "unknown",
    "Upstash-Telemetry-Sdk": "@upstash/redis@1.39.0",
    "Accept": "*/*",
    "Accept-Language": "*",
    "Sec-Fetch-Mode": "cors",
    "User-Agent": "node",
    "Accept-Encoding": "gzip, deflate",
}
