import { auth, signIn, signOut } from "../auth";

async function logIn() {
  "use server";
  await signIn("accounts");
}

async function logOut() {
  "use server";
  await signOut();
}

export default async function Home() {
  const session = await auth();
  if (!session?.user) {
    return (
      <form action={logIn}>
        <h1>Welcome</h1>
        <button>Log in</button>
      </form>
    );
  }
  return (
    <form action={logOut}>
      <h1>Hello, {session.user.name}</h1>
      <p>You are logged in as {session.user.email}.</p>
      <button>Log out</button>
    </form>
  );
}
