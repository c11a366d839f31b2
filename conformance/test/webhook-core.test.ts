import { describeWebhook } from '../src/describe-webhook.js';
import { coreTarget } from '../src/webhook-targets.js';

describeWebhook('core', coreTarget);
