import { Context, type Option } from "effect"

/** Where traces are collected, if anywhere. */
export class TracingSettings extends Context.Service<TracingSettings, { readonly collector: Option.Option<string> }>()(
  "keyhole/infra/observability/TracingSettings"
) {}
