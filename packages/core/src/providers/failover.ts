import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import { findUnsupported } from '../models/servers.ts'
import { type ImageProvider, mayBeBilled, ProviderError } from './provider.ts'

type FailoverOptions = {
  /** In the order of failover. */
  settings: readonly ProviderSettings[]
  /** Creates a provider. @throws LimnError, such as `provider/no-key` */
  create: (settings: ProviderSettings) => Promise<ImageProvider>
  /** Whether the providers share the work, as the caller assigns it. Default: one answers at a time. */
  isShared?: boolean | undefined
  /** Receives `failover` for each takeover, and `passed-over` for each provider without a key. */
  onEvent: OnEvent
}

/** Codes of failures that concern the server rather than the request. */
const SERVER_FAILURES: readonly LimnError['code'][] = [
  'command/not-found',
  'provider/network',
  'provider/server',
  'provider/auth',
  'provider/quota',
  'provider/rate-limit',
]

/**
 * Combines several providers into one: the first is used until a failure is final for it, then the
 * next, for the rest of the run; or each request has the provider that its options name, until a
 * failure is final for that. A provider that cannot be created is skipped with an event; one that
 * does not support a request is skipped for that request.
 *
 * @throws LimnError of the first provider, if none can be created
 */
export async function createFailover(options: FailoverOptions): Promise<ImageProvider> {
  const { settings, isShared = false, onEvent } = options
  const candidates = createCandidates(options)
  /** The provider that failed, by its error. */
  const indexByError = new WeakMap<ProviderError, number>()
  /** The last provider that a failover was reported to. */
  let reported = 0

  if ((await candidates.choose(() => true)) === undefined) throw candidates.creationErrors[0]

  return {
    async generate(request, generateOptions) {
      const supports = ({ quirks }: ProviderSettings): boolean =>
        findUnsupported(quirks, request).length === 0
      const { provider: wanted } = generateOptions
      const chosen =
        (isShared
          ? await candidates.choose((each) => each.name === wanted && supports(each))
          : undefined) ?? (await candidates.choose(supports))
      if (chosen === undefined) throw noneLeft([...candidates.failures.values()].at(-1))
      const { index, provider } = chosen
      const { name } = settings[index]!
      try {
        const { onLinks } = generateOptions
        const answer = await provider.generate(request, {
          ...generateOptions,
          onLinks: onLinks && ((linked) => onLinks({ ...linked, provider: name })),
        })
        return { ...answer, provider: name }
      } catch (error) {
        if (error instanceof ProviderError) {
          indexByError.set(error, index)
          error.provider = name
        }
        throw error
      }
    },
    async failOver(error) {
      const index = indexByError.get(error)
      if (index === undefined || !SERVER_FAILURES.includes(error.code) || mayBeBilled(error)) {
        return false
      }
      const isFirstFailure = !candidates.failures.has(index)
      if (isFirstFailure) candidates.failures.set(index, error)
      const next = await candidates.choose(() => true)
      if (next === undefined) return false
      if (isFirstFailure && (isShared || next.index > reported)) {
        reported = next.index
        const [from, to] = [settings[index]!.name, settings[next.index]!.name]
        onEvent({ type: 'failover', from, to, error })
      }
      return true
    },
    close: candidates.close,
  }
}

type Candidates = {
  /**
   * Returns the first provider that has not failed, can be created and supports the request;
   * `undefined` if there is none.
   */
  choose(
    supports: (settings: ProviderSettings) => boolean,
  ): Promise<{ index: number; provider: ImageProvider } | undefined>
  /** The failure that was final for each provider, by index, in order of time. */
  readonly failures: Map<number, ProviderError>
  /** Why providers could not be created. */
  readonly creationErrors: readonly LimnError[]
  close(): Promise<void>
}

function createCandidates({ settings, create, onEvent }: FailoverOptions): Candidates {
  const created: (Promise<ImageProvider | undefined> | undefined)[] = []
  const creationErrors: LimnError[] = []
  const failures = new Map<number, ProviderError>()

  /** Creates a provider once; `undefined` if that fails. */
  const createOnce = (index: number): Promise<ImageProvider | undefined> =>
    (created[index] ??= create(settings[index]!).catch((error: unknown) => {
      if (!(error instanceof LimnError)) throw error
      creationErrors.push(error)
      if (settings.length > 1) {
        onEvent({ type: 'passed-over', provider: settings[index]!.name, error })
      }
      return undefined
    }))
  return {
    failures,
    creationErrors,
    async choose(supports) {
      for (const [index, each] of settings.entries()) {
        if (failures.has(index) || !supports(each)) continue
        // oxlint-disable-next-line no-await-in-loop -- a later provider is created only if all earlier ones failed
        const provider = await createOnce(index)
        if (provider !== undefined) return { index, provider }
      }
      return undefined
    },
    async close() {
      await Promise.all(created.map(async (provider) => (await provider)?.close?.()))
    },
  }
}

/** Creates the error for a request that no provider is left for. @param last the last failure */
function noneLeft(last: ProviderError | undefined): ProviderError {
  if (last === undefined) {
    return new ProviderError(
      'provider/refused',
      'None of the providers supports what this picture requires.',
      { hint: 'Remove the settings that they do not support, or add a provider.', isUnsent: true },
    )
  }
  return new ProviderError(last.code, last.message, {
    hint: last.hint ?? 'Add another provider.',
    isUnsent: true,
  })
}

/**
 * Repeats a call until it succeeds or no provider is left.
 *
 * @throws what the last call threw
 */
export async function withFailover<T>(provider: ImageProvider, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ProviderError) || (await provider.failOver?.(error)) !== true) {
        throw error
      }
    }
  }
}
