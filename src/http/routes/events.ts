import { Effect } from "effect"
import { listEvents as eventsOf, listOwnEvents as eventsOfOwn } from "../../domain/event/listEvents.ts"
import * as api from "../api/events.ts"
import { LIMIT } from "../api/paging.ts"
import { route } from "../route.ts"
import { viewEvent } from "../view/event.ts"

export const listOwnEvents = route(api.listOwnEvents, ({ caller, query }) =>
  Effect.map(eventsOfOwn(caller, { limit: LIMIT, ...query }), ({ events, ...rest }) => ({
    events: events.map(viewEvent),
    ...rest
  }))
)

export const listEvents = route(api.listEvents, ({ query: { user_id, ...wanted } }) =>
  Effect.map(
    eventsOf({ limit: LIMIT, ...wanted, ...(user_id !== undefined && { userId: user_id }) }),
    ({ events, ...rest }) => ({ events: events.map(viewEvent), ...rest })
  )
)
