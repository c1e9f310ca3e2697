import type { RunView } from '../src/protocol.ts'

/** Returns a made-up run with every stage. Its times are relative to `now`. */
export function fakeRun(now: number): RunView {
  const queued = { why: '', code: '', retryAt: null, partial: null, usd: null }
  return {
    startedAt: new Date(now - 74_000).toISOString(),
    done: 3,
    total: 12,
    derived: 9,
    toDerive: 40,
    usd: 0.131,
    msLeft: 172_000,
    isStopping: false,
    assets: [
      {
        ...queued,
        name: 'team/portrait',
        stage: 'failed',
        why: 'The provider refused the prompt: moderation_blocked.',
        code: 'provider/moderation',
      },
      { ...queued, name: 'product/lamp', stage: 'partial', partial: 'p2', usd: 0.042 },
      { ...queued, name: 'docs/city', stage: 'requested', usd: 0.063 },
      {
        ...queued,
        name: 'docs/desk',
        stage: 'retrying',
        why: 'The server is overloaded (503).',
        code: 'provider/server',
        retryAt: new Date(now + 14_000).toISOString(),
        usd: 0.042,
      },
      {
        ...queued,
        name: 'hero-2',
        stage: 'queued',
        why: 'It waits for the limit of pictures per minute.',
        code: 'images',
      },
      { ...queued, name: 'blog/forest-2', stage: 'queued' },
      { ...queued, name: 'blog/harbour', stage: 'done', usd: 0.042 },
    ],
  }
}
