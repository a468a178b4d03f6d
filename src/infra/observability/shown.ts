import { Context, type Metric } from "effect"

/**
 * A metric that is exported from the start, before there is anything to count: an alert would not see the first one of what
 * was not there before.
 */
export const shown = <Input, State, M extends Metric.Metric<Input, State>>(
  metric: M & Metric.Metric<Input, State>
): M => {
  metric.valueUnsafe(Context.empty())
  return metric
}
