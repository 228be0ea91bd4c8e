import "./kit"; // first: it removes the token of a link from the URL, before anything is rendered
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import "./app.css";

createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);
