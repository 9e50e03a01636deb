/* The console works without this file; with it, menus fold, lists move by keyboard and curves are drawn. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  function ready() {
    var button = document.querySelector("[data-menu]");
    var side = document.getElementById("side");
    if (button && side) {
      button.addEventListener("click", function () {
        var open = side.classList.toggle("open");
        button.setAttribute("aria-expanded", String(open));
        if (open) { var first = side.querySelector("a"); if (first) { first.focus(); } }
      });
      document.addEventListener("keydown", function (event) {
        if (event.key === "Escape" && side.classList.contains("open")) {
          side.classList.remove("open");
          button.setAttribute("aria-expanded", "false");
          button.focus();
        }
      });
    }
    live(document);
    document.body.addEventListener("htmx:afterSettle", function (event) {
      live(event.target);
      var focus = event.target.querySelector("[data-focus]");
      if (focus) { focus.focus(); }
    });
    document.body.addEventListener("htmx:responseError", function (event) {
      var xhr = event.detail.xhr;
      if (xhr.status === 401 || xhr.status === 403) { window.location.reload(); }
    });
  }

  function live(root) {
    root.querySelectorAll("[data-reorder]").forEach(reorder);
    root.querySelectorAll("[data-curve]").forEach(curve);
    root.querySelectorAll("form[data-confirm]").forEach(confirmed);
    root.querySelectorAll("select[data-submit]").forEach(function (select) {
      select.addEventListener("change", function () { select.form.requestSubmit(); });
    });
  }

  function confirmed(form) {
    if (form.dataset.ready) { return; }
    form.dataset.ready = "1";
    form.addEventListener("submit", function (event) {
      if (!window.confirm(form.dataset.confirm)) { event.preventDefault(); event.stopImmediatePropagation(); }
    }, true);
  }

  function reorder(list) {
    if (list.dataset.ready) { return; }
    list.dataset.ready = "1";
    var field = list.closest("form").querySelector("[data-order]");
    list.addEventListener("click", function (event) {
      var button = event.target.closest("[data-move]");
      if (!button) { return; }
      var item = button.closest("li");
      if (button.dataset.move === "-1" && item.previousElementSibling) {
        list.insertBefore(item, item.previousElementSibling);
      } else if (button.dataset.move === "1" && item.nextElementSibling) {
        list.insertBefore(item.nextElementSibling, item);
      }
      field.value = Array.prototype.map.call(list.children, function (one) { return one.dataset.key; }).join(",");
      button.focus();
    });
  }

  var strokes = ["#0f8a7c", "#c2571a", "#5b6fc7", "#9a3d7c", "#7a8a00", "#5a5a5a"];

  function curve(box) {
    if (box.dataset.ready || !window.uPlot) { return; }
    box.dataset.ready = "1";
    var data = JSON.parse(box.dataset.curve);
    var style = getComputedStyle(document.documentElement);
    var ink = style.getPropertyValue("--soft").trim() || "#666";
    var line = style.getPropertyValue("--line").trim() || "#ddd";
    var number = new Intl.NumberFormat(data.lang);
    var series = [{ label: data.label, value: function (u, raw) { return raw === null || raw === undefined ? "–" : labelOf(raw); } }];
    var columns = [data.xs];
    data.series.forEach(function (one, place) {
      series.push({
        label: one[0], stroke: strokes[place % strokes.length], width: 2, spanGaps: true,
        points: { show: data.xs.length < 40 },
        value: function (u, raw) { return raw === null || raw === undefined ? "–" : number.format(raw); }
      });
      columns.push(one[1]);
    });
    function labelOf(x) { var at = data.xs.indexOf(x); return at < 0 ? "" : data.labels[at]; }
    var axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    var options = {
      width: box.clientWidth || 600, height: 240, series: series,
      scales: { x: { time: data.time } },
      tzDate: function (ts) { return window.uPlot.tzDate(new Date(ts * 1000), data.zone); },
      axes: [
        Object.assign({}, axis, data.time
          ? { values: function (u, splits) { return splits.map(function (at) { return new Intl.DateTimeFormat(data.lang, { day: "numeric", month: "short", timeZone: data.zone }).format(new Date(at * 1000)); }); } }
          : { values: function (u, splits) { return splits.map(function (at) { return Number.isInteger(at) ? (data.labels[at] || "") : ""; }); } }),
        Object.assign({}, axis, { size: 60, values: function (u, splits) { return splits.map(function (one) { return number.format(one); }); } })
      ]
    };
    var plot = new window.uPlot(options, columns, box);
    window.addEventListener("resize", function () { plot.setSize({ width: box.clientWidth, height: 240 }); });
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", ready); } else { ready(); }
})();
