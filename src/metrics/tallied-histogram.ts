import type { Metric, MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client'
import type { MetricSpec } from './table.js'

/** A histogram without labels that is observed for every statement: plain numbers, which the registry reads at each scrape. */
export class TalliedHistogram {
  readonly #spec: MetricSpec & { readonly buckets: readonly number[] }
  /** Of each bucket, without those below it; the last has no bound. */
  readonly #counts: number[]
  #sum = 0

  constructor(spec: MetricSpec & { readonly buckets: readonly number[] }, registry: Registry) {
    this.#spec = spec
    this.#counts = new Array(spec.buckets.length + 1).fill(0)
    const { name, help } = spec
    const metric = { name, help, type: 'histogram', aggregator: 'sum', get: async () => this.#values() }
    registry.registerMetric(metric as unknown as Metric)
  }

  observe(value: number): void {
    const { buckets } = this.#spec
    let index = 0
    while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#sum += value
  }

  #values(): MetricObjectWithValues<MetricValueWithName<'le'>> {
    const { name, help, buckets } = this.#spec
    const values: MetricValueWithName<'le'>[] = []
    let count = 0
    for (const [index, le] of [...buckets, '+Inf'].entries()) {
      count += this.#counts[index] ?? 0
      values.push({ metricName: `${name}_bucket`, labels: { le }, value: count })
    }
    values.push({ metricName: `${name}_sum`, labels: {}, value: this.#sum })
    values.push({ metricName: `${name}_count`, labels: {}, value: count })
    // the registry wants the type's number or name; its declaration knows only the number
    return { name, help, type: 'histogram', aggregator: 'sum', values } as unknown as MetricObjectWithValues<
      MetricValueWithName<'le'>
    >
  }
}
