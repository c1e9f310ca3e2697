import PQueue from 'p-queue'
import { readLockedBytes } from '../derive/read-locked-master.ts'
import type { OnEvent } from '../events.ts'
import type { Judge, JudgeAnswer, JudgeQuestion } from '../judge/judge.ts'
import { abortedError } from '../limits/clock.ts'
import { withRetry } from '../limits/retry.ts'
import type { JudgedPicture } from '../lock/examination.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Expectations } from '../manifest/expectations.ts'
import type { JudgeSettings } from '../manifest/manifest.ts'
import type { Master } from '../pictures/read-master.ts'
import { judgmentPrice } from '../plan/judgment-price.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import { codeOf } from './failures.ts'
import type { ProviderAccess } from './provider-access.ts'
import { type Reservation, reserve } from './reservation.ts'
import { isStopped, type StopSignals } from './stop-signals.ts'

/** Requests to the judge at the same time. */
const CONCURRENCY = 4

/** What the judge is asked about a picture. */
type JudgedQuestion = {
  master: Master
  expectations: Expectations
  /** The lockfile's entries of the assets that `like` names. */
  references: ReadonlyMap<string, LockEntry>
}

/** The judge of a run: within its budget, and recorded in its history. */
export type RunJudge = {
  /** @throws what `Judge.judge` throws; LimnError `budget/exceeded`, `aborted`, `store/…` */
  ask(asset: string, question: JudgedQuestion): Promise<Omit<JudgedPicture, 'expect'>>
}

type RunJudgeOptions = {
  root: string
  settings: JudgeSettings
  /** Opens the judge. Called only if a picture is judged. */
  open: () => Promise<Judge>
  access: ProviderAccess
  signals: StopSignals
  onEvent: OnEvent
}

/** Creates the judge of a run, which loads nothing until it is asked. */
export function createRunJudge(options: RunJudgeOptions): RunJudge {
  const { root, settings, access, signals } = options
  const queue = new PQueue({ concurrency: CONCURRENCY })
  let opening: Promise<Judge> | undefined
  return {
    ask: (asset, { master, expectations, references }) =>
      queue.add(async () => {
        const judge = await (opening ??= options.open())
        const files = [...references].map(
          ([name, entry]) => [name, { data: readLockedBytes(root, entry) }] as const,
        )
        const sizes = [master, ...[...references.values()].map((entry) => entry.master)]
        const usd = judgmentPrice(expectations, sizes, settings)
        const reservation = await reserve(access.budget, usd)
        try {
          const question = { picture: master.bytes, expectations, references: new Map(files) }
          const sent = { asset, question, usd, master, judge, reservation }
          const answer = await withRetry(() => askOnce(sent, options), {
            clock: access.clock,
            signal: signals.stop,
            onRetry: (wait) => options.onEvent({ type: 'retrying', asset, ...wait }),
          })
          return recordOf(answer, { model: judge.model, reservation })
        } finally {
          reservation.settle()
        }
      }),
  }
}

type SentQuestion = {
  asset: string
  question: JudgeQuestion
  /** The most that it costs, USD; `null` if that is unknown. */
  usd: number | null
  master: Master
  judge: Judge
  reservation: Reservation
}

/** Sends one request to the judge. The history has it at its price at most before it is sent. */
async function askOnce(
  { asset, question, usd, master, judge, reservation }: SentQuestion,
  { settings, access, signals }: RunJudgeOptions,
): Promise<JudgeAnswer> {
  if (isStopped(signals)) throw abortedError()
  reservation.send(usd)
  const record = await access.history
    .begin({
      provider: settings.provider,
      asset,
      model: judge.model,
      operation: 'judge',
      size: `${master.width}x${master.height}`,
      quality: 'auto',
      pictures: 0,
      retries: 0,
      usd,
    })
    .catch((error: unknown) => {
      reservation.spend(0)
      throw error
    })
  const started = performance.now()
  const ended = (): number => performance.now() - started
  try {
    const answer = await judge.judge(question, { signal: signals.quit })
    const cost = answer.usd ?? usd
    reservation.spend(cost)
    const estimated = answer.usd === null ? { estimated: true as const } : {}
    void record({ outcome: 'ok', usd: cost, ms: ended(), ...estimated })
    return answer
  } catch (error) {
    const cost = costOfFailure(error, usd)
    reservation.spend(cost)
    const estimated = cost === 0 ? {} : { estimated: true as const }
    await record({ outcome: codeOf(error), usd: cost, ms: ended(), ...estimated })
    throw error
  }
}

/** What a request without verdicts cost, USD: the most it can cost, if it may have been billed. */
function costOfFailure(error: unknown, usd: number | null): number | null {
  if (!(error instanceof ProviderError)) return 0
  if ('cost' in error) return (error.cost as { usd: number | null }).usd ?? usd
  return mayBeBilled(error) ? usd : 0
}

function recordOf(
  { verdicts, requestId }: JudgeAnswer,
  { model, reservation: { spent } }: { model: string; reservation: Reservation },
): Omit<JudgedPicture, 'expect'> {
  return {
    verdicts,
    model,
    at: new Date().toISOString(),
    ...(spent === null ? {} : { usd: spent }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
