import { AggregatorRegistry, type MetricObject } from 'prom-client'
import type { Exposition, MetricsSnapshot } from './metrics.js'

/** Only grows as long as a process lives: what is gone would look like a restart. */
const KEPT: ReadonlySet<string> = new Set(['counter', 'histogram'])

/**
 * The metrics of several processes as those of one.
 *
 * What a process counted is kept when it has ended; its gauges go with it.
 */
export class SummedMetrics {
  #retired: Promise<MetricsSnapshot> = Promise.resolve([])

  /** The process that this was the last of has ended. */
  retire(last: MetricsSnapshot): void {
    const counted = last.filter(({ type }) => KEPT.has(String(type)))
    this.#retired = this.#retired.then((retired) => sum([retired, counted]).getMetricsAsJSON())
  }

  async expose(living: readonly MetricsSnapshot[]): Promise<Exposition> {
    const registry = sum([await this.#retired, ...living])
    return { contentType: registry.contentType, body: await registry.metrics() }
  }
}

function sum(snapshots: readonly MetricsSnapshot[]) {
  return AggregatorRegistry.aggregate(snapshots.map((snapshot) => snapshot as MetricObject[]))
}
