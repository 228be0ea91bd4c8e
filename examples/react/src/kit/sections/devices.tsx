import type { Device } from "credential-client";

import { service } from "../account";
import { Form } from "../form";
import { Loading, Section, useLoaded } from "../section";

const listSessions = (): Promise<Device[]> => service.users.listSessions();

const lastUsed = (device: Device) => (device.current ? "now" : new Date(device.last_used_at).toLocaleString());

/** The sessions of the user. */
export function Devices() {
  const sessions = useLoaded(listSessions);
  const logOut = (device: Device) => async () => {
    await service.users.endSession({ path: { session_id: device.id } });
    await sessions.reload();
  };
  return (
    <Section title="Devices" id="devices" lead="Log out a device that you do not know, and change your password.">
      <Loading {...sessions} />
      <ul className="rows">
        {sessions.value?.map((device) => (
          <li key={device.id}>
            <div>
              <strong>{device.device}</strong><br />
              <small><bdi>{device.ip}</bdi> · {lastUsed(device)}</small>
            </div>
            {device.current && <span className="tag good">this device</span>}
            {!device.current && (
              <Form
                button="Log out"
                label={`Log out device: ${device.device}`}
                look="other"
                onSubmit={logOut(device)}
              />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
