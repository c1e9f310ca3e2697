import { describe, expect, it } from 'vitest'
import { createMoneyFormat } from './money.ts'

describe('createMoneyFormat', () => {
  const usd = createMoneyFormat(null, { language: 'en', unknown: 'unknown' })

  it.each([
    [0, '$0.00'],
    [0.042, '$0.042'],
    [0.03, '$0.03'],
    [0.0004, '<$0.001'],
    [1.2345, '$1.23'],
    [1234.5, '$1,234.50'],
    [null, 'unknown'],
  ])('formats %s as %s', (amount, text) => {
    expect(usd(amount)).toBe(text)
  })

  it('converts to the currency of the manifest', () => {
    const cny = createMoneyFormat({ code: 'CNY', rate: 7.1 }, { language: 'zh', unknown: '' })
    expect(cny(1)).toBe('¥7.10')
    const yen = createMoneyFormat({ code: 'JPY', rate: 150 }, { language: 'en', unknown: '' })
    expect(yen(2)).toBe('¥300')
  })

  it('falls back to the code of a currency that nobody knows', () => {
    const odd = createMoneyFormat({ code: 'odd!', rate: 1 }, { language: 'en', unknown: '' })
    expect(odd(2)).toBe('2.00 odd!')
  })
})
