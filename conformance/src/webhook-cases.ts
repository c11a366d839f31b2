import type { WebhookCase } from './webhook-case.js';
import { answerCases } from './webhook-cases-answer.js';
import { deliveryCases } from './webhook-cases-delivery.js';
import { headerCases } from './webhook-cases-headers.js';
import { lifetimeCases } from './webhook-cases-lifetime.js';
import { requestCases } from './webhook-cases-request.js';

/** Every case of the protocol of auth webhooks. */
export const webhookCases: readonly WebhookCase[] = [
  ...answerCases,
  ...lifetimeCases,
  ...deliveryCases,
  ...headerCases,
  ...requestCases,
];
