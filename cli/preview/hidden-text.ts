import type { Hidden } from './value.ts';

const TEXTS: Readonly<Record<Hidden, string>> = {
  unknown: 'known after apply',
  sensitive: 'sensitive',
  unreadable: 'unreadable',
  elsewhere: "told by the installation's plan",
};

/** Why a value is not shown. */
export function hiddenText(hidden: Hidden): string {
  return `*${TEXTS[hidden]}*`;
}
