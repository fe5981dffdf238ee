/**
 * A server that takes a fifth longer over every call: what a comparison of builds must notice. The answer is there and
 * waits for a fifth of the time that making it took; meanwhile other calls are served.
 */
import type { Replacement } from "../bundle/replacement.ts";

export const slowerServer: Replacement = {
  file: "server/http/listener.ts",
  find: "for (const route of options.routes) ",
  replacement: `const lengthened = (route: Route): Route => ({
      ...route,
      answer: async (call) => {
        const from = performance.now();
        const answer = await route.answer(call);
        const until = from + 1.2 * (performance.now() - from);
        while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
        return answer;
      },
    });
    for (const route of options.routes.map(lengthened)) `,
};
