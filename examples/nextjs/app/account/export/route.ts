// GET /account/export downloads everything that the service stores about the current user. It is streamed.
import { Problem } from "credential-client";

import { SERVICE_URL } from "../../../lib/service";
import { asVisitor } from "../../../lib/session";

export async function GET(): Promise<Response> {
  const answer = await fetch(`${SERVICE_URL}/users/me/export`, { headers: await asVisitor(), cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    const problem = answer ? await Problem.of(answer) : Problem.unreachable();
    return Response.json({ code: problem.code, detail: problem.message }, { status: problem.status || 503 });
  }
  const headers = { "Content-Type": "application/json", "Content-Disposition": 'attachment; filename="account.json"', "Cache-Control": "no-store" };
  return new Response(answer.body, { headers });
}
