import type { MetricSpec } from '../../src/metrics/table.js'

/** `docs/metrics.md`, from the table. */
export function metricsPage(table: Readonly<Record<string, MetricSpec>>): string {
  return `# Metrics

<!-- Written from src/metrics/table.ts by tests/docs/generated.test.ts (\`npx vitest run tests/docs -u\`); do not edit. -->

\`GET /metrics\` on the admin port (default 6480) answers in the Prometheus text format. Where the configuration's
\`admin.tokens\` is not empty, it needs \`Authorization: Bearer …\`: the labels name the tenants.

Labels are \`tenant\`, \`login_kind\`, \`outcome\` and \`reason\`, and never SQL text. The tenant of analysts is \`(several)\`, that of operators \`(all)\`.

| metric | type | labels | meaning |
|---|---|---|---|
${Object.values(table).map(row).join('\n')}

The usual process metrics (CPU, memory, event loop, garbage collection) carry the same prefix: \`tenantgate_process_…\`, \`tenantgate_nodejs_…\`.
`
}

function row({ name, type, labels, help }: MetricSpec): string {
  return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`
}
