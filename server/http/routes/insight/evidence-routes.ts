import * as days from '@switchyard/shared/contracts/insight/daily-heads.ts';
import * as contracts from '@switchyard/shared/contracts/insight/evidence.ts';
import { listDailyHeads } from '../../../services/evidence/days/daily-heads.ts';
import { getReceiver, makeReceiverSecret, putReceiver, type ReceiverParts } from '../../../services/evidence/days/head-receiver.ts';
import { listKeys, rotateKey } from '../../../services/evidence/rotate-key.ts';
import { getRunEvidence, verifyEvidence } from '../../../services/evidence/run-evidence.ts';
import type { Api } from '../../register.ts';

/** Runs as evidence, the keys that sign them, and daily heads. */
export const evidenceRoutes =
  (parts: ReceiverParts) =>
  (api: Api): void => {
    api.register(contracts.getRunEvidence, ({ context, params }) => getRunEvidence(context, params.id));
    api.register(contracts.verifyEvidence, ({ context, body }) => verifyEvidence(context, body));
    api.register(contracts.listEvidenceKeys, async ({ context }) => ({ items: await listKeys(context) }));
    api.register(contracts.rotateEvidenceKey, ({ context, body }) => rotateKey(context, body?.reason));
    api.register(days.listDailyHeads, ({ context, query }) => listDailyHeads(context, query));
    api.register(days.getHeadReceiver, ({ context }) => getReceiver(context));
    api.register(days.putHeadReceiver, ({ context, body }) => putReceiver(context, parts, body));
    api.register(days.makeHeadSecret, ({ context }) => makeReceiverSecret(context, parts));
  };
