/** Worst-case costs by model, raised when a server bills more. */
export type Estimates = {
  /** Returns the worst-case cost of a request by what is known now, USD; `null` if unknown. */
  of(model: string, usd: number | null): number | null
  /** Compares the worst-case cost of the plan with what the server billed, USD. */
  learn(model: string, planned: number | null, billed: number | null): void
}

/** Creates the estimates of a run. They only rise: the highest factor of a model counts. */
export function createEstimates(): Estimates {
  const factorByModel = new Map<string, number>()
  const factorOf = (model: string): number => factorByModel.get(model) ?? 1
  return {
    of: (model, usd) => (usd === null ? null : usd * factorOf(model)),
    learn(model, planned, billed) {
      if (planned === null || billed === null || planned <= 0) return
      factorByModel.set(model, Math.max(factorOf(model), billed / planned))
    },
  }
}
