import type { AxeBuilder as Builder } from '@axe-core/playwright'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page with everything that it reported as wrong. */
export type OpenPage = { page: Page; problems: string[]; close(): Promise<void> }

/** Opens an address in a fresh context. Errors, warnings of the policy and failed loads are kept. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    locale: 'en-US',
    ...options,
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  await page.goto(url)
  return { page, problems, close: () => context.close() }
}

/** Returns the violations that axe finds on a page or in a part of it, one text each. */
export async function findViolations(page: Page, part?: string): Promise<string[]> {
  const builder: Builder = new AxeBuilder({ page })
  if (part !== undefined) builder.include(part)
  const { violations } = await builder.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}
