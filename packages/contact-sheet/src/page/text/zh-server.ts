/*
 * What the server says in English, in Chinese: by the codes that it sends. What has no entry here
 * is shown as the server says it.
 */
import type { SheetReason } from '../../protocol.ts'
import type { Explained, Text } from './en.ts'

/** Lists at most three names: `a、b、c 等 5 项`. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join('、')
  return names.length > 3 ? `${shown} 等 ${names.length} 项` : shown
}

/** Fields of a request, as `limn explain` names them. */
const fields: Readonly<Record<string, string>> = {
  prompt: '提示词',
  model: '模型',
  provider: '提供方',
  quality: '质量',
  size: '尺寸',
  background: '背景',
  format: '格式',
  inputs: '输入图片',
  mask: '蒙版',
  seed: '种子',
  operation: '操作',
  fidelity: '保真度',
  compression: '压缩',
  moderation: '内容审核',
  frames: '帧数',
}

const master: Readonly<Record<string, string>> = { adopted: '已采用', pinned: '已固定' }

/** By code of the reason. An empty text says no more than the state. */
const reasons: Readonly<Record<string, (values: readonly string[]) => string>> = {
  new: () => '',
  'request-changed': (names) => `${list(names.map((name) => fields[name] ?? name))}已改变`,
  'input-changed': (names) => (names.length === 0 ? '输入图片减少' : `${list(names)} 已改变`),
  'master-missing': () => '可以用 git 恢复',
  forced: () => '',
  'received-before': () => '已付费，在日志中',
  'had-before': () => '以前的运行已付费',
  renamed: ([from]) => `原名 ${from}`,
  'source-new': () => '新的源文件',
  'source-changed': () => '源文件已改变',
  picked: ([number]) => `已挑选候选图片 ${number}`,
  adopted: () => '已采用',
  'outputs-added': (names) => `新增预设 ${list(names)}`,
  'outputs-changed': (names) => `预设 ${list(names)} 已改变`,
  'outputs-missing': ([files]) => `这台电脑缺少 ${files} 个文件`,
  'outputs-altered': (names) => `${list(names)} 被改动过`,
  edited: () => '采用之前保持不变',
  'paid-for': ([provider]) => (provider === 'adopted' ? '手动采用的图片' : `已在 ${provider} 付费`),
  'kept-missing': ([state = '']) => master[state] ?? state,
  untracked: ([path]) => `${path} 不在锁文件中`,
  link: ([path]) => `Limn 不跟随链接 ${path}`,
  'not-downloaded': ([path, fix]) => `${path} 尚未下载（${fix}）`,
  blocked: (names) => `基于 ${list(names)}`,
  linked: () => '已付费，尚未取回',
  'in-batch': ([since = '']) => `自 ${since.slice(0, 16).replace('T', ' ')} UTC 起`,
  'waits-for-batch': (names) => `等待批次中的 ${list(names)}`,
  'failed-in-batch': () => '批次没有返回图片',
  'not-examined': () => '尚未检查是否符合清单的要求',
  'expectations-changed': () => '要求已改变',
  'picture-changed': () => '图片已更换',
  'examine-requested': () => '按要求重新检查',
  'compared-changed': (names) => `${list(names)} 已改变`,
  'not-passed': (names) => `未通过：${list(names)}`,
  'not-in-manifest': () => '清单中已没有（limn prune）',
  'outputs-not-asked': (names) => `${list(names)}（limn prune）`,
}

function describe({ code, values }: SheetReason): string | undefined {
  return Object.hasOwn(reasons, code) ? reasons[code]!(values) : undefined
}

/** By code of the failure or the mistake. */
const failures: Readonly<Record<string, string>> = {
  NO_SOCKET: '页面无法通过 websocket 连接开发服务器。',
  DISCONNECTED: '连接已断开。',
  SESSION: '这个链接已经用过。',
  REPORT: '报告是只读的。',
  'provider/moderation': '内容审核拒绝了请求。',
  'provider/refused': '服务器拒绝了请求。',
  'provider/auth': '服务器不接受 API 密钥。',
  'provider/no-key': '缺少 API 密钥。',
  'provider/no-consent': '这个服务器尚未获得授权。',
  'provider/unknown': '提供方未知。',
  'provider/quota': '额度已用完。',
  'provider/rate-limit': '请求过于频繁。',
  'provider/server': '服务器出错。',
  'provider/network': '网络连接失败。',
  'provider/timeout': '服务器没有按时响应。',
  'provider/bad-answer': '服务器的响应中没有可用的图片。',
  'batch/failed': '批次失败。',
  'batch/expired': '批次已过期。',
  'batch/cancelled': '批次已取消。',
  'budget/exceeded': '超出预算。',
  'budget/not-agreed': '费用尚未确认。',
  'plan/stale': '计划已改变，请重新查看价格。',
  'lock/invalid': '无法读取锁文件。',
  'lock/newer': '锁文件来自更新版本的 Limn。',
  'asset/unknown': '没有这个素材。',
  'asset/no-master': '这个素材还没有图片。',
  'asset/no-candidate': '没有这张候选图片。',
  'asset/no-earlier': '没有这张历史图片。',
  'output/taken': '输出文件的位置已有其他文件。',
  'output/too-large': '输出文件超过大小上限。',
  'picture/unreadable': '无法读取图片。',
  'store/busy': '另一个 Limn 进程正在运行。',
  'store/read-only': '文件夹是只读的。',
  'store/no-space': '磁盘空间不足。',
  'store/failed': '文件操作失败。',
  'store/unreadable': '无法读取文件。',
  'store/outside': '路径指向项目之外。',
  'git/not-found': '没有找到 git。',
  'git/failed': 'git 出错。',
  'remote/unreachable': '无法连接远程存储。',
  'remote/denied': '远程存储拒绝访问。',
  'manifest/not-found': '没有找到清单。',
  'manifest/unreadable': '无法读取清单。',
  'manifest/changed': '清单在此期间被改动，没有写入任何内容。',
  'manifest/not-editable': '无法在页面中修改清单的这一部分。',
  'manifest/syntax': 'YAML 语法错误。',
  'manifest/unknown-key': '未知的键。',
  'manifest/unknown-style': '未知的风格。',
  'manifest/unknown-preset': '未知的预设。',
  'manifest/unknown-model': '未知的模型。',
  'manifest/unknown-provider': '未知的提供方。',
  'manifest/unknown-variable': '未知的变量。',
  'manifest/unknown-asset': '未知的素材。',
  'manifest/no-outputs': '没有输出文件。',
  'manifest/no-model': '没有指定模型。',
  'manifest/output-collision': '多个输出文件重名。',
  'manifest/name-collision': '多个素材重名。',
  aborted: '已停止。',
  bug: 'Limn 内部出错，终端中有详细信息。',
}

/** Why a request is not sent yet, by its limit. */
const limits: Readonly<Record<string, string>> = {
  images: '等待每分钟图片数的限制。',
  inputImages: '等待每分钟输入图片数的限制。',
  refusal: '服务器拒绝了另一个请求，正在等待。',
}

function find(texts: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(texts, code) ? texts[code] : undefined
}

function why(explained: Explained): string {
  const parts = explained.reasons.map(describe)
  if (parts.includes(undefined)) return explained.why
  const { failure = null } = explained
  const known = parts.filter((part) => part !== '').join('，')
  const failed = failure === null ? '' : (find(failures, failure.code) ?? failure.message)
  return [known, failed].filter((part) => part !== '').join('；') || explained.why
}

export const serverTexts: Pick<Text, 'why' | 'whyInRun' | 'refusal' | 'failures'> = {
  why,
  whyInRun: ({ why: text, code }) => find(limits, code) ?? find(failures, code) ?? text,
  refusal({ kind, usd, limit, text }, money) {
    const cost = `费用最高为 ${money(usd)}`
    switch (kind) {
      case 'unknown-price':
        return '有请求的价格未知，因此无法从这里开始运行。请在清单的 `providers` 中填写模型的价格，或在终端运行 `limn generate`。'
      case 'host':
        return `${cost}，只剩 ${money(limit)} 可用。请提高上限：开发服务器的 dev.maxCost，或 \`limn ui\` 的 --max-cost。`
      case 'run':
        return `${cost}，超过 budget.run（${money(limit)}）。请在清单中提高它。`
      case 'month':
        return `${cost}，budget.month 只剩 ${money(limit)}。请在清单中提高它，或等到下个月（UTC）。`
      default:
        return text
    }
  },
  failures,
}
