// Fills in the bills from the data in the page, as sites do that are drawn in the browser.
const data = JSON.parse(document.getElementById("datos-deuda").textContent);
const rows = document.querySelector("#tabla-deuda tbody");
for (const bill of data.cuentas) {
  const row = rows.insertRow();
  row.className = "cuenta";
  for (const [name, label] of [["documento", "Documento"], ["vencimiento", "Vencimiento"], ["monto", "Monto"]]) {
    const cell = row.insertCell();
    cell.className = name;
    cell.dataset.rotulo = label;
    cell.textContent = bill[name];
  }
}
document.getElementById("total").textContent = data.total;
document.getElementById("cargando").remove();
