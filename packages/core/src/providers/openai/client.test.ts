import { afterEach, expect, test, vi } from 'vitest'
import { createClient } from './client.ts'

afterEach(() => vi.unstubAllEnvs())

const options = { apiKey: 'sk-test', timeoutMs: 1000 }

/** Returns the headers with which a client would send a request. */
async function headersOf(
  env: Readonly<Record<string, string>>,
  baseURL?: string,
): Promise<Headers> {
  const client = createClient({ ...options, env, baseURL })
  const { req } = await client.buildRequest({ method: 'get', path: '/models' })
  return req.headers as Headers
}

test('takes organization, project and headers from its project, not from the process', async () => {
  vi.stubEnv('OPENAI_ORG_ID', 'org-process')
  vi.stubEnv('OPENAI_PROJECT_ID', 'proj-process')
  vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Process: yes\nAuthorization: Bearer process')
  const own = {
    OPENAI_ORG_ID: 'org-own',
    OPENAI_PROJECT_ID: 'proj-own',
    OPENAI_CUSTOM_HEADERS: 'X-Own: yes\nnot a header',
  }
  const first = await headersOf(own)
  expect(JSON.stringify([...first])).not.toContain('process')
  expect(first.get('openai-organization')).toBe('org-own')
  expect(first.get('openai-project')).toBe('proj-own')
  expect(first.get('x-own')).toBe('yes')
  expect(first.get('authorization')).toBe('Bearer sk-test')

  const second = await headersOf({})
  expect(JSON.stringify([...second])).not.toMatch(/process|-own/)
  expect(second.get('authorization')).toBe('Bearer sk-test')
})

test('sends another server nothing of the account at OpenAI', async () => {
  const headers = await headersOf(
    {
      OPENAI_ORG_ID: 'org-own',
      OPENAI_PROJECT_ID: 'proj-own',
      OPENAI_CUSTOM_HEADERS: 'X-Own: -own',
    },
    'https://images.example.com/v1',
  )
  expect(JSON.stringify([...headers])).not.toContain('-own')
})
