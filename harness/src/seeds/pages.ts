/** What a server says of itself to whoever watches it. */

export interface Sample {
  /** 'worker="1",transport="websocket"', or empty. */
  readonly labels: string
  readonly value: number
}

/** The samples of one metric; none where the server does not have it. */
export async function samplesOf(url: string, name: string): Promise<readonly Sample[]> {
  const page = await (await fetch(`${url}/metrics`)).text()
  const line = new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm')
  return [...page.matchAll(line)].map(([, labels = '', value]) => ({
    labels,
    value: Number(value),
  }))
}

/** The sum of a metric's samples whose labels have these words; NaN where there is none. */
export async function metricOf(url: string, name: string, labels = ''): Promise<number> {
  const fitting = (await samplesOf(url, name)).filter((one) => one.labels.includes(labels))
  return fitting.length === 0 ? Number.NaN : fitting.reduce((sum, { value }) => sum + value, 0)
}

/** '200 ready', '200 degraded', '503 not_ready'; 'gone' where nobody answers. */
export async function readinessOf(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/health/readiness`)
    const { status } = (await answer.json()) as { status: string }
    return `${answer.status} ${status}`
  } catch {
    return 'gone'
  }
}
