import { fail, type Finding, ok, unknown, warn } from './finding.ts'
import type { ModelsAnswer } from './models-list.ts'

/** Error codes that mean that there is no network, rather than no server. */
const OFFLINE = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']

type ServerExam = {
  baseURL: string
  /** Name of the variable of the key. */
  key: string
  hasKey: boolean
}

/** Checks whether a server answers and accepts the key. */
export function examineServer(answer: ModelsAnswer, exam: ServerExam): Finding {
  if (answer.kind === 'listed') return ok('server', `${exam.baseURL} answers`)
  return answer.kind === 'unreached' ? examineUnreached(answer, exam) : examineRefused(answer, exam)
}

function examineUnreached(
  { code, proxy }: Extract<ModelsAnswer, { kind: 'unreached' }>,
  { baseURL }: ServerExam,
): Finding {
  if (proxy !== undefined) {
    return unknown('server', `${baseURL}: not checked, because the proxy failed`)
  }
  return OFFLINE.includes(code)
    ? warn(
        'server',
        `${baseURL} is not reachable (${code}): this machine seems to be offline`,
        'Connect to the network and run `limn doctor` again, or check the base URL.',
      )
    : fail(
        'server',
        `${baseURL} is not reachable (${code})`,
        'Start the server, or check the base URL and any proxy or firewall.',
      )
}

function examineRefused(
  { status, text }: Extract<ModelsAnswer, { kind: 'refused' }>,
  { baseURL, key, hasKey }: ServerExam,
): Finding {
  // The missing key is a finding of its own.
  if (!hasKey && status < 500) return ok('server', `${baseURL} answers`)
  const reason = text === '' ? '' : `: ${text.replace(/\.$/, '')}`
  if (/must be verified/i.test(text)) {
    return fail(
      'server',
      'your organisation must be verified',
      'Verify the organisation in its settings at OpenAI (this can take 15 minutes to take effect).',
    )
  }
  if (status === 401 || /api key/i.test(text)) {
    return fail(
      'server',
      `${baseURL} does not accept the key${reason}`,
      `Check ${key}: the key must belong to this base URL.`,
    )
  }
  if (status === 403) {
    return fail(
      'server',
      `${baseURL} denies access${reason}`,
      "Check the key's permissions and the project it belongs to.",
    )
  }
  if (status >= 500) {
    return fail('server', `${baseURL} fails (${status})${reason}`, 'Try again later.')
  }
  return warn(
    'server',
    `${baseURL} answers but lists no models (${status})`,
    'Check the end of the base URL; most servers expect /v1.',
  )
}
