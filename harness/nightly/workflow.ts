/**
 * A workflow for GitHub Actions that runs a night in shards and puts them together. Every shard uploads its record and
 * reports whatever happened to it; the last job merges what there is, so a shard that died shows as missing cells.
 */

/** `planPath` as the repository has it; `shardCount` jobs run side by side. */
export const nightlyWorkflow = (planPath: string, shardCount: number): string => {
  const shards = Array.from({ length: shardCount }, (_, index) => index + 1).join(", ");
  return `name: nightly
on:
  schedule:
    - cron: "17 2 * * *"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  shard:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    strategy:
      fail-fast: false
      matrix:
        shard: [${shards}]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20, cache: npm }
      - run: npm ci
      - run: npx tipcart nightly ${planPath} --shard \${{ matrix.shard }}/${shardCount} --out night-\${{ matrix.shard }}.json
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: night-\${{ matrix.shard }}
          path: |
            night-\${{ matrix.shard }}.json
            results/runs/**/report.html
            results/runs/**/verdict.json
            results/runs/**/history.journal
${verdictJob}`;
};

/** Merges what there is, and keeps the series of nights from one night to the next. */
const verdictJob = `  verdict:
    needs: shard
    if: always()
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20, cache: npm }
      - run: npm ci
      - uses: actions/download-artifact@v4
        with: { path: shards }
      - uses: actions/cache@v4
        with:
          path: nights.jsonl
          key: nights-\${{ github.run_id }}
          restore-keys: nights-
      - run: npx tipcart merge shards/*/night-*.json --out night.json --html night.html --junit night.xml --series nights.jsonl
      - run: npx tipcart series nights.jsonl --html nights.html --alarm 3
        if: always()
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: night
          path: |
            night.json
            night.html
            night.xml
            nights.jsonl
            nights.html
`;
