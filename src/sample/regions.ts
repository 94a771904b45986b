/** Where people are, with the share of them (in thousandths) that is there. */
export const REGIONS = [
  { code: 'GD', label: 'Guangdong', share: 148 },
  { code: 'JS', label: 'Jiangsu', share: 104 },
  { code: 'ZJ', label: 'Zhejiang', share: 101 },
  { code: 'SH', label: 'Shanghai', share: 92 },
  { code: 'BJ', label: 'Beijing', share: 88 },
  { code: 'SC', label: 'Sichuan', share: 79 },
  { code: 'SD', label: 'Shandong', share: 74 },
  { code: 'HB', label: 'Hubei', share: 61 },
  { code: 'HA', label: 'Henan', share: 57 },
  { code: 'FJ', label: 'Fujian', share: 48 },
  { code: 'HN', label: 'Hunan', share: 44 },
  { code: 'CQ', label: 'Chongqing', share: 38 },
  { code: 'SN', label: 'Shaanxi', share: 30 },
  { code: 'LN', label: 'Liaoning', share: 22 },
  { code: 'YN', label: 'Yunnan', share: 14 },
] as const

/** Share of events whose place is not known. */
export const UNKNOWN_REGION_SHARE = 0.02
