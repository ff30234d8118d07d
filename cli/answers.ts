import { isObject, isTextRecord } from '../function/json.ts';
import type { Attachment, GroupStatus, StatusPage } from '../function/registry/answers.ts';

/** Whether an answer of the registrar is what `attach` and `detach` give. */
export function isAttachment(value: unknown): value is Attachment {
  return (
    isObject(value) &&
    typeof value.target === 'string' &&
    typeof value.ok === 'boolean' &&
    isTextOrNull(value.error) &&
    [value.subscribed, value.unsubscribed, value.tagged, value.untagged, value.wantedBy].every(isTexts)
  );
}

/** Whether an answer of the registrar is what `status` gives. */
export function isStatusPage(value: unknown): value is StatusPage {
  return (
    isObject(value) &&
    Array.isArray(value.groups) &&
    value.groups.every(isGroupStatus) &&
    isTextOrNull(value.next) &&
    (value.run === null || isRun(value.run)) &&
    [value.name, value.account, value.region].every((text) => typeof text === 'string')
  );
}

function isRun(value: unknown): boolean {
  return (
    isObject(value) && typeof value.at === 'string' && typeof value.remaining === 'number' && isTextOrNull(value.error)
  );
}

/** Problems that a newer registrar knows are texts too. */
function isGroupStatus(value: unknown): value is GroupStatus {
  return (
    isObject(value) &&
    typeof value.logGroup === 'string' &&
    isTexts(value.wantedBy) &&
    (value.tags === null || isTextRecord(value.tags)) &&
    [value.subscribedBy, value.filterPattern, value.problem, value.message].every(isTextOrNull)
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
