// 随手报: small copies of the photos on show and on the way, the chosen grid's own place names, one press only.
const form = document.querySelector(".field-form");
const LONGEST = 1600;

if (form) {
  const input = form.querySelector("input[type=file]");
  const shown = form.querySelector(".shown");

  const smaller = async (file) => {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file; // the server knows more kinds than a browser
    }
  };

  let making = Promise.resolve();
  input?.addEventListener("change", () => {
    const chosen = [...input.files].slice(0, Number(input.dataset.most));
    making = (async () => {
      const files = await Promise.all(chosen.map(smaller));
      const bag = new DataTransfer();
      for (const file of files) bag.items.add(file);
      input.files = bag.files;
      shown.replaceChildren(
        ...files.map((file) => {
          const image = document.createElement("img");
          image.src = URL.createObjectURL(file);
          image.alt = "";
          return image;
        }),
      );
    })();
  });

  const grid = document.getElementById("grid");
  const places = document.getElementById("places");
  const all = [...(places?.children ?? [])];
  const ofGrid = () =>
    places.replaceChildren(...all.filter((one) => one.dataset.grids.split(" ").includes(grid.value)));
  if (grid && places) {
    grid.addEventListener("change", ofGrid);
    ofGrid();
  }

  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = event.submitter;
    event.preventDefault();
    await making;
    const what = document.createElement("input");
    what.type = "hidden";
    what.name = "what";
    what.value = button?.value ?? "report";
    form.append(what);
    form.submit();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      sent = false;
      form.querySelector("input[type=hidden][name=what]")?.remove();
    }
  });
}
