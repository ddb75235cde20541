// What the package @vladmandic/face-api says of fixed pictures; see faces_reference.py.
import fs from "node:fs";
import faceapi from "@vladmandic/face-api/dist/face-api.node-wasm.js";

const tf = faceapi.tf;
await tf.setBackend("cpu");
const folder = "node_modules/@vladmandic/face-api/model/";

function tensors(name) {
  const manifest = JSON.parse(fs.readFileSync(`${folder}${name}_model-weights_manifest.json`));
  const bytes = new Uint8Array(fs.readFileSync(`${folder}${name}_model.bin`));
  return tf.io.decodeWeights(bytes.buffer, manifest[0].weights);
}

async function answers(net, pictures, ...size) {
  const said = [];
  for (const flat of pictures) {
    const side = Math.sqrt(flat.length / 3);
    const out = await net.forward(tf.tensor3d(flat, [side, side, 3], "int32"), ...(size.length ? [side] : []));
    said.push(Array.from(out.dataSync()));
  }
  return said;
}

const { tinyFaceDetector, faceExpressionNet } = faceapi.nets;
tinyFaceDetector.loadFromWeightMap(tensors("tiny_face_detector"));
faceExpressionNet.loadFromWeightMap(tensors("face_expression"));
const pictures = JSON.parse(fs.readFileSync(process.argv[2]));
const found = {
  detector: await answers(tinyFaceDetector, pictures.detector, true),
  expressions: await answers(faceExpressionNet, pictures.expressions),
};
fs.writeFileSync(process.argv[3], JSON.stringify(found));
