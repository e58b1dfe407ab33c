/** Every metric that a node tells, with its kind, labels, unit and meaning. docs/reference/metrics.md is made from this table. */

export interface MetricRow {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[]
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Units are the last word of a name, as Prometheus has it. Names that dashboards know already (`http_`, `redis_`, `process_`, `nodejs_`) are kept. */
export const METRICS = {
  http_active_connections: {
    kind: 'gauge',
    help: 'Open TCP connections of the HTTP port: requests, long-polling and WebSockets.',
  },
  http_requests_total: {
    kind: 'counter',
    help: 'HTTP requests that were answered, but for those of the sockets.',
    labels: ['method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the request to the end of its answer.',
    labels: ['method', 'route'],
    buckets: seconds,
  },
  redis_connection_status: {
    kind: 'gauge',
    help: 'Whether a Redis broker is connected: 1 or 0. No sample where no Redis is configured.',
    labels: ['broker'],
  },
  madang_info: {
    kind: 'gauge',
    help: 'Always 1; the labels say what runs here.',
    labels: ['version', 'node', 'wire'],
  },
  madang_phase: {
    kind: 'gauge',
    help: 'Where the node is between start and stop: that phase has 1, the others 0.',
    labels: ['phase'],
  },
  madang_workers: {
    kind: 'gauge',
    help: 'Processes of this host: wanted, starting, ready and leaving. No sample where one process serves alone.',
    labels: ['state'],
  },
  madang_workers_replaced_total: {
    kind: 'counter',
    help: 'Workers of this host that ended by themselves and were replaced.',
  },
  madang_broker_connected: {
    kind: 'gauge',
    help: 'Whether the broker reaches its server: 1 or 0.',
    labels: ['broker'],
  },
  madang_broker_outages_total: {
    kind: 'counter',
    help: 'Times that the broker went away, or was away at the start.',
    labels: ['broker'],
  },
  madang_broker_away_seconds_total: {
    kind: 'counter',
    help: 'How long the broker was away in all, this absence included.',
    labels: ['broker'],
  },
  madang_broker_frames_total: {
    kind: 'counter',
    help: 'Frames through the broker: "out" to other nodes, "in" from them, "dropped" for want of room.',
    labels: ['broker', 'direction'],
  },
  madang_broker_bytes_total: {
    kind: 'counter',
    help: 'Bytes of the frames that went "out" and came "in".',
    labels: ['broker', 'direction'],
  },
  madang_stats_writes_total: {
    kind: 'counter',
    help: 'Writes of counts for operators: "ok", "failed" and "late" ones are tried again; "lost" counts rows that were let go.',
    labels: ['outcome'],
  },
  madang_rate_notes_total: {
    kind: 'counter',
    help: 'Notes on how much of a rate was used: "sent" to the other nodes, or "received" from them.',
    labels: ['what'],
  },
  madang_sockets: {
    kind: 'gauge',
    help: 'Connections that are open and admitted.',
    labels: ['transport'],
  },
  madang_hand_overs: {
    kind: 'gauge',
    help: "Requests and websockets of other nodes' sessions that pass through here now.",
  },
  madang_handed_over_total: {
    kind: 'counter',
    help: 'What was handed to another node because its session is there: "request", "upgrade"; or not: "unknown" node, "busy".',
    labels: ['outcome'],
  },
  madang_people: { kind: 'gauge', help: 'People who are connected to this node.' },
  madang_channels: {
    kind: 'gauge',
    help: 'Channels that somebody on this node has a connection in.',
  },
  madang_feeds: {
    kind: 'gauge',
    help: 'Feeds that this node keeps: channels with a local reader.',
  },
  madang_feed_events: {
    kind: 'gauge',
    help: 'Events that feeds hold: "tail" for those who were away, "pending" behind a hole.',
    labels: ['held'],
  },
  madang_topics_held: {
    kind: 'gauge',
    help: 'Topics that this node is subscribed to.',
  },
  madang_rate_buckets: {
    kind: 'gauge',
    help: 'Token buckets that are not full: those who were busy lately.',
  },
  madang_events_appended_total: {
    kind: 'counter',
    help: 'Events that this node committed; kind "created" counts messages.',
    labels: ['kind'],
  },
  madang_append_duration_seconds: {
    kind: 'histogram',
    help: 'Time that one group commit took, from its begin until it is durable.',
    buckets: seconds,
  },
  madang_append_batch_entries: {
    kind: 'histogram',
    help: 'Entries in one group commit.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
  },
  madang_api_connected: {
    kind: 'gauge',
    help: 'Whether the API process at API_URL answers: 1 or 0. No sample where there is none.',
  },
  madang_api_calls_total: {
    kind: 'counter',
    help: 'Requests to the API process, by method and outcome: "ok", the code of the refusal, "odd" (not understood), "late", "broken", "too_large" or "stopped".',
    labels: ['method', 'outcome'],
  },
  madang_api_call_duration_seconds: {
    kind: 'histogram',
    help: 'Time from a request to the API process to its answer.',
    labels: ['method'],
    buckets: seconds,
  },
  madang_feed_total: {
    kind: 'counter',
    help: 'What happened in the feeds: repairs, repeated events, malformed frames and so on.',
    labels: ['what'],
  },
  madang_deliveries_total: {
    kind: 'counter',
    help: 'Room events that were handed to a connection, by name of the event: one message to ten people counts ten.',
    labels: ['event'],
  },
  madang_delivery_seconds: {
    kind: 'histogram',
    help: "Time from an event's making to its hand-over to the sockets of this node; by the clocks of two hosts where another node made it.",
    buckets: seconds,
  },
  madang_replays_total: {
    kind: 'counter',
    help: 'Channels that were handed over to a reader: "complete" from a cursor, "limited" to the latest page, or "failed".',
    labels: ['outcome'],
  },
  madang_inspections_total: {
    kind: 'counter',
    help: 'What a look into the store found that no note of another node had told: "session_void" connections closed, "places_changed" people whose places were read anew; "failed" looks.',
    labels: ['found'],
  },
  madang_replayed_events_total: {
    kind: 'counter',
    help: 'Events that readers were given when a channel was handed over.',
  },
  madang_drain_left: {
    kind: 'gauge',
    help: 'Connections that are still to go while the node drains; 0 before and after.',
  },
  madang_drain_of: {
    kind: 'gauge',
    help: 'Connections that were there when the drain began, and that came since; 0 before it.',
  },
  madang_drain_seconds: {
    kind: 'gauge',
    help: 'How long the drain has taken so far, or took; 0 before it.',
  },
  madang_drain_connections_total: {
    kind: 'counter',
    help: 'What a drain did with connections: "told" to move (then one of the next follows), "moved" by themselves, "stayed" until their time was over; "left" before their turn, "closed" in their turn (stock clients), "cut" at the end of all time.',
    labels: ['stage', 'transport'],
  },
  madang_drain_requests_total: {
    kind: 'counter',
    help: 'Requests that were in work when nobody was connected any more: "answered", or "unanswered" in time.',
    labels: ['outcome'],
  },
  madang_held_back_total: {
    kind: 'counter',
    help: 'Newcomers that were too many for the node and were told when to come again: "knock" before their handshake, "entrance" in it, "replay" when they were to be handed what they missed.',
    labels: ['where'],
  },
  madang_standstills_total: {
    kind: 'counter',
    help: 'Times that this process stood still for more than 5 s: stopped, paused, or busy without a break. "doubted": nothing was done for its clients until they had shown that they were still there; "closed": it was so long that they were sent to connect again.',
    labels: ['outcome'],
  },
  madang_doubts_total: {
    kind: 'counter',
    help: 'Clients that a standstill put in doubt ("client"), and requests that were refused as unavailable until they had shown that they were still there ("request").',
    labels: ['what'],
  },
  madang_replays_now: {
    kind: 'gauge',
    help: 'Connections that are being handed what they missed ("running"), and that wait for it ("waiting").',
    labels: ['state'],
  },
  madang_handshakes_total: {
    kind: 'counter',
    help: 'Handshakes of sockets, by outcome: "ok", or the code of the refusal.',
    labels: ['outcome'],
  },
  madang_requests_total: {
    kind: 'counter',
    help: 'Requests on sockets, by event and outcome: "ok", or the code of the refusal.',
    labels: ['event', 'outcome'],
  },
  madang_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from a request on a socket to its answer.',
    labels: ['event'],
    buckets: seconds,
  },
  madang_disconnects_total: {
    kind: 'counter',
    help: 'Connections that ended, by reason.',
    labels: ['reason'],
  },
  madang_refusals_total: {
    kind: 'counter',
    help: 'Requests and connections that were refused, by door and by code of the error table.',
    labels: ['door', 'code'],
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    help: 'CPU time of the process, user and system.',
  },
  process_resident_memory_bytes: { kind: 'gauge', help: 'Memory of the process.' },
  process_start_time_seconds: { kind: 'gauge', help: 'When the process began, since 1970.' },
  process_open_fds: {
    kind: 'gauge',
    help: 'Open file descriptors. No sample where the system does not tell.',
    labels: [],
  },
  nodejs_heap_size_used_bytes: { kind: 'gauge', help: 'JavaScript heap in use.' },
  nodejs_heap_size_total_bytes: { kind: 'gauge', help: 'JavaScript heap that is reserved.' },
  nodejs_external_memory_bytes: { kind: 'gauge', help: 'Memory outside of the JavaScript heap.' },
  nodejs_eventloop_lag_seconds: {
    kind: 'gauge',
    help: 'By how much timers of the event loop are late since the last scrape, on average.',
  },
  nodejs_eventloop_lag_p50_seconds: { kind: 'gauge', help: 'The same, median.' },
  nodejs_eventloop_lag_p99_seconds: { kind: 'gauge', help: 'The same, 99th percentile.' },
  nodejs_eventloop_lag_max_seconds: { kind: 'gauge', help: 'The same, longest.' },
} as const satisfies Record<string, MetricRow>

type Table = typeof METRICS
export type MetricName = keyof Table

export type NamesOf<K extends MetricRow['kind']> = {
  [N in MetricName]: Table[N] extends { readonly kind: K } ? N : never
}[MetricName]

/** The labels that a sample of this metric must have. */
export type LabelsOf<N extends MetricName> = Table[N] extends {
  readonly labels: readonly (infer L extends string)[]
}
  ? Readonly<Record<L, string>>
  : Readonly<Record<never, string>>
