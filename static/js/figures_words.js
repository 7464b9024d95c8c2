// Numbers of the charts as people read them: short, with their unit.
(() => {
  "use strict";
  const SIZES = [["GB", 1024 ** 3], ["MB", 1024 ** 2], ["KB", 1024]];
  const LARGE = [["G", 1e9], ["M", 1e6], ["k", 1e3]];

  // Three digits, and all of those before the point.
  const digits = (value) => {
    const size = Math.abs(value);
    if (size >= 100 || value === 0) return String(Math.round(value));
    return String(Number(value.toPrecision(size >= 1 ? 3 : 2)));
  };
  const scaled = (value, steps, gap, smallest) => {
    const [name, size] = steps.find(([, from]) => Math.abs(value) >= from) ?? [smallest, 1];
    return name ? `${digits(value / size)}${gap}${name}` : digits(value);
  };
  // What would be 1000 KB is 1 MB.
  const bytes = (value) => {
    const [name, size] = SIZES.find(([, from]) => value >= (from > 1024 ? (from * 999.5) / 1024 : from)) ?? ["B", 1];
    return `${digits(size > 1024 ? Math.max(value / size, 1) : value / size)} ${name}`;
  };
  const seconds = (value) => {
    if (value >= 1) return `${digits(value)} s`;
    return value >= 0.001 || value === 0 ? `${digits(value * 1e3)} ms` : `${digits(value * 1e6)} µs`;
  };

  // Tenths of a percent are the finest that anybody acts upon.
  const percent = (value) => {
    const tenths = Math.round(value * 1000);
    return value > 0 && tenths === 0 ? "< 0.1 %" : `${digits(tenths / 10)} %`;
  };

  const UNITS = {
    "bytes": bytes,
    "bytes/s": (value) => `${bytes(value)}/s`,
    "1/s": (value) => `${scaled(value, LARGE, " ", "")}/s`,
    "count": (value) => (Math.abs(value) < 1e5 ? Math.round(value * 10) / 10 : scaled(value, LARGE, " ", "")).toLocaleString("en"),
    "ratio": percent,
    "factor": (value) => `${digits(value)} ×`,
    "seconds": seconds,
  };

  window.redisgate.figureWords = (value, unit) => (value === null || value === undefined ? "–" : UNITS[unit](value));
})();
