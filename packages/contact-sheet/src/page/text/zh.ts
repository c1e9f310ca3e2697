/*
 * Every text of the page in Chinese.
 */
import type { Text } from './en.ts'
import { assetTexts } from './zh-asset.ts'

export const zh: Text = {
  nav: { label: '视图', pictures: '图片', run: '运行', costs: '费用' },
  states: {
    generating: '生成中',
    failed: '失败',
    stale: '已过期',
    draft: '草图',
    edited: '手动修改',
    blocked: '受阻',
    waiting: '等待中',
    pinned: '已固定',
    fresh: '最新',
  },
  loading: '正在读取项目……',
  retry: '重试',
  count: { pictures: (number) => `${number.toLocaleString('zh')} 张图片` },
  asset: assetTexts,
}
