import type { Locator, Page } from 'playwright-core'

/** Opens the dialog of an action of the asset view, from the bar or from its menu. */
export async function openAction(page: Page, action: string): Promise<Locator> {
  const button = page.locator(`[data-action=${action}]`)
  await page.locator('.action-bar').waitFor()
  if ((await button.count()) === 0) {
    await page.getByRole('button', { name: 'More' }).click()
  }
  await button.click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('.dialog-actions').waitFor()
  return dialog
}

/** Presses Tab until an element has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not reach it.')
}
