"use client";

export function LogOut() {
  const logOut = async () => {
    const response = await fetch("/session", { method: "DELETE" });
    if (response.ok) location.assign("/login");
  };
  return <button onClick={() => void logOut()}>Sign out</button>;
}
