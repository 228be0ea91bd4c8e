import { redirect } from "next/navigation";

import { currentUser } from "../../lib/session";
import { LogOut } from "./log-out";

export default async function Account() {
  const user = await currentUser(); // ask here, in each page: proxy.ts only keeps the session alive
  if (!user) redirect("/login");
  return (
    <main>
      <h1>Hello, {user.username}</h1>
      <p>{user.email}</p>
      <LogOut />
    </main>
  );
}
