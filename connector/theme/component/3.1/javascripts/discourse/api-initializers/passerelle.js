import { apiInitializer } from "discourse/lib/api";
import { begin } from "../lib/passerelle-forum";

export default apiInitializer("0.11.1", (api) => begin(api, settings));
