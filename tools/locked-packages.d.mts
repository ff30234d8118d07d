export const STAMP: string;
export function areInstalled(lock: string): boolean;
