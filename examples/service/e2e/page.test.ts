import { expect, test } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { createTested, KEYS } from './start.ts'

test('lets a person try the service in English and Chinese, and loads nothing from elsewhere', async () => {
  const tested = await createTested()
  await tested.start()
  const browser = await launchBrowser()
  try {
    for (const { locale, language, button, paid, refused } of [
      {
        locale: 'en-US',
        language: 'en',
        button: 'Make pictures',
        paid: /^This request cost \$0\.0\d+\.$/,
        refused: 'The service does not know this API key.',
      },
      {
        locale: 'zh-CN',
        language: 'zh-Hans',
        button: '生成图片',
        paid: /^这些图片已经存在，本次请求没有费用。$/,
        refused: '服务不认识这个 API 密钥。',
      },
    ]) {
      const page = await browser.newPage({ locale })
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('request', (request) => {
        if (!request.url().startsWith(tested.origin)) problems.push(request.url())
      })
      page.on('console', (message) => {
        if (!/status of 401/.test(message.text())) problems.push(message.text())
      })
      await page.goto(tested.origin)
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await page.fill('#prompt', 'A <b>mug</b> & "cup"')
      await page.fill('#number', '2')
      await page.fill('#key', 'limn-wrong-0123456789')
      await page.getByRole('button', { name: button }).click()
      await expect.poll(() => page.textContent('#status')).toBe(refused)
      await page.fill('#key', KEYS.web)
      await page.getByRole('button', { name: button }).click()
      await expect.poll(() => page.textContent('#status')).toMatch(paid)
      const pictures = page.locator('#pictures img')
      expect(await pictures.count()).toBe(2)
      await expect
        .poll(() => pictures.first().evaluate((image: HTMLImageElement) => image.naturalWidth))
        .toBe(1024)
      expect(await page.content()).not.toContain(KEYS.web)
      expect(problems).toEqual([])
      await page.close()
    }
  } finally {
    await browser.close()
  }
  expect(tested.server.requests).toHaveLength(1)
})
