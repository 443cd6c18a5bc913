import { REGISTRY, type Step } from '../demo.ts';
import { verify } from '../failure.ts';

export const exchange: Step = {
  title: 'Count what IBM Cloud has seen',
  async run({ cloud, home, say }) {
    const { iam, icr } = cloud;
    say.output(`IAM: ${iam.tokenRequests()} exchange of the API key for a token`);
    say.output(
      `${REGISTRY}: ${icr.tokenRequests.length} logins, ${icr.registryRequests.length} other requests`,
    );
    verify(iam.tokenRequests() === 1, `IAM was asked ${iam.tokenRequests()} times, not once`);
    verify(iam.tokenRequests('apikey') === 1, 'the exchange was not one of the API key');
    const readable = home.files().find(({ content }) => content.includes(cloud.apiKey));
    verify(readable === undefined, `the API key stands in plain text in ${readable?.path}`);
    say.checked('one exchange served every client, and none of them wrote the key down');
    return `one exchange at IAM for ${icr.tokenRequests.length} logins at the registry`;
  },
};
