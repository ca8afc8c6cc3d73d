select tienda as store_code, codigo as sku, unidades as quantity from existencia order by tienda, codigo
