// The Rank page's NodeJS calls with the API's own client; the address comes from the environment.
// Prints, for each request, the inputs found in order, as one JSON object.
const fs = require("fs");
const {ClarifaiStub, grpc} = require("clarifai-nodejs-grpc");

const [url, file] = process.argv.slice(2);
const stub = ClarifaiStub.grpc(process.env.CLARIFAI_GRPC_BASE);
const metadata = new grpc.Metadata();
metadata.set("authorization", "Key YOUR_PAT_HERE");

function ask(ranks, filters = []) {
  const request = {
    user_app_id: {user_id: "YOUR_USER_ID_HERE", app_id: "YOUR_APP_ID_HERE"},
    searches: [{query: {ranks, filters}}],
  };
  return new Promise((resolve, reject) => {
    stub.PostAnnotationsSearches(request, metadata, (error, response) => {
      if (error) return reject(error);
      if (response.status.code !== 10000) return reject(new Error(JSON.stringify(response.status)));
      resolve(response.hits.map((hit) => hit.input.id));
    });
  });
}

const data = (inside) => ({annotation: {data: inside}});

async function main() {
  const found = {
    predicted: await ask([data({concepts: [{id: "dog", value: 1}]})]),
    custom: await ask([data({concepts: [{id: "people", value: 1}]})]),
    both: await ask([data({concepts: [{id: "cat", value: 1}]})], [data({concepts: [{id: "people", value: 0}]})]),
    language: await ask([data({concepts: [{name: "犬", language: "ja", value: 1}]})]),
    url: await ask([data({image: {url}})]),
    bytes: await ask([data({image: {base64: fs.readFileSync(file)}})]),
    input: await ask([{annotation: {input_id: "green"}}]),
  };
  console.log(JSON.stringify(found));
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
