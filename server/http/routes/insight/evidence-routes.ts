import * as contracts from '@switchyard/shared/contracts/insight/evidence.ts';
import { listKeys, rotateKey } from '../../../services/evidence/rotate-key.ts';
import { getRunEvidence, verifyEvidence } from '../../../services/evidence/run-evidence.ts';
import type { Api } from '../../register.ts';

/** Runs as evidence, and the keys that sign them. */
export const evidenceRoutes = (api: Api): void => {
  api.register(contracts.getRunEvidence, ({ context, params }) => getRunEvidence(context, params.id));
  api.register(contracts.verifyEvidence, ({ context, body }) => verifyEvidence(context, body));
  api.register(contracts.listEvidenceKeys, async ({ context }) => ({ items: await listKeys(context) }));
  api.register(contracts.rotateEvidenceKey, ({ context, body }) => rotateKey(context, body?.reason));
};
