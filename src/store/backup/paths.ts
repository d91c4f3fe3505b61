import type { ObjectStore } from '../object-store.js';

/** Every file below a folder. */
export async function objectPaths(objects: ObjectStore, folder: string): Promise<string[]> {
  const out: string[] = [];
  for (const { name, folder: isFolder } of await objects.list(folder)) {
    const path = `${folder}/${name}`;
    if (isFolder) out.push(...(await objectPaths(objects, path)));
    else out.push(path);
  }
  return out;
}
