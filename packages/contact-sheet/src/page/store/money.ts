import type { Sheet } from '../../protocol.ts'
import type { Language } from './preferences.ts'

/** Returns an amount as text. `null` is an unknown price. */
export type FormatMoney = (usd: number | null) => string

/** Creates the format of a currency: two digits, three below a cent's worth of precision. */
export function createMoneyFormat(
  currency: Sheet['currency'],
  { language, unknown }: { language: Language; unknown: string },
): FormatMoney {
  const { code, rate } = currency ?? { code: 'USD', rate: 1 }
  const [coarse, fine] = [2, 3].map(
    (maximumFractionDigits) =>
      new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
        style: 'currency',
        currency: code,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: 2,
        maximumFractionDigits,
      }),
  )
  return (usd) => {
    if (usd === null) return unknown
    const amount = usd * rate
    return (amount !== 0 && Math.abs(amount) < 1 ? fine! : coarse!).format(amount)
  }
}
