import { expect, test } from "vitest";
import { Metrics } from "./metrics.ts";

const ofKey = { bucket: "carts", key: "k" };

test("each event is counted by its type, and by the few words that matter in it", () => {
  const metrics = new Metrics();

  metrics.emit({ type: "write-answered", outcome: "ok", degraded: false, ...ofKey });
  metrics.emit({ type: "write-answered", outcome: "ok", degraded: true, ...ofKey });
  metrics.emit({ type: "write-answered", outcome: "info", degraded: false, ...ofKey });

  expect(Object.fromEntries(metrics.counters())).toEqual({
    "write-answered": 3,
    "write-answered-ok": 1,
    "write-answered-degraded": 1,
    "write-answered-info": 1,
  });
});

test("a bucket counts everything up to its bound, the bound included", () => {
  const metrics = new Metrics();

  for (const durationMs of [0.4, 5, 5.1, 300, 300.1, 99_999]) {
    metrics.requestAnswered({ route: "get", status: 200, durationMs });
  }

  const text = metrics.text();
  expect(text).toContain('tipcart_request_ms_bucket{route="get",status="200",le="0.5"} 1\n');
  expect(text).toContain('tipcart_request_ms_bucket{route="get",status="200",le="5"} 2\n');
  expect(text).toContain('tipcart_request_ms_bucket{route="get",status="200",le="300"} 4\n');
  expect(text).toContain('tipcart_request_ms_bucket{route="get",status="200",le="+Inf"} 6\n');
  expect(text).toContain('tipcart_request_ms_count{route="get",status="200"} 6\n');
});

test("keys and buckets never appear in the text, however odd", () => {
  const metrics = new Metrics();

  metrics.emit({ type: "read-answered", outcome: "ok", siblingCount: 2, bucket: "b", key: 'SECRET"\n' });

  expect(metrics.text()).not.toContain("SECRET");
  expect(metrics.text()).toContain('tipcart_read_siblings_bucket{le="1"} 0\n');
  expect(metrics.text()).toContain('tipcart_read_siblings_bucket{le="2"} 1\n');
});

test("every line is a comment or a name, labels and a number", () => {
  const metrics = new Metrics();
  metrics.requestAnswered({ route: "put", status: 503, durationMs: 1.5 });
  metrics.committed({ writeCount: 3, isSynced: true, durationMs: 2 });

  const lines = metrics.text().trimEnd().split("\n");

  for (const line of lines)
    expect(line).toMatch(/^(# TYPE \w+ (counter|gauge|histogram)|\w+(\{[^{}]*\})? [\d.]+)$/);
});
